"""WeCom 企业微信: the contacts of the private domain."""

from followthrough.contracts.export import Entry, Platform
from followthrough.platforms.wecom.external_contacts import EXTERNAL_CONTACTS
from followthrough.platforms.wecom.interface import INTERFACE

ENTRIES = (
    Entry("qr_code", "企微二维码", "WeCom QR code"),
    Entry("phone_search", "搜索手机号", "Phone search"),
    Entry("card", "企微名片分享", "WeCom shared card", ("card_shared",)),
    Entry("group_chat", "企微群聊", "WeCom group chat"),
    Entry("channels", "视频号加企微", "Channels to WeCom"),
    Entry("acquisition_link", "获客链接", "Acquisition link"),
    Entry("internal", "内部成员共享", "Shared by a colleague", ("shared_internally",)),
    Entry("assigned", "管理员分配", "Assigned"),
    Entry("unknown", "企微未知来源", "WeCom unknown way"),
    Entry("phone_book", "手机通讯录", "Phone book"),
    Entry("wechat_contact", "微信联系人", "WeChat contact"),
    Entry("legacy", "企微早期添加", "Added long ago"),
    Entry("third_party", "安装第三方应用", "Third-party service", ("third_party_service",)),
    Entry("email_search", "搜索邮箱", "Email search"),
    Entry("calendar", "日程参与人", "Calendar"),
    Entry("meeting", "会议参与人", "Meeting"),
    Entry("wechat_friend", "添加微信好友", "WeChat friend"),
    Entry("hardware", "智慧硬件客服", "Smart hardware", ("hardware_service",)),
    Entry("home_service", "上门服务客服", "Home service"),
    Entry("custom", "自定义来源", "Custom way"),
    Entry("demand_reply", "需求推荐", "Demand reply"),
    Entry("presale", "第三方售前", "Third-party presale", ("third_party_presale",)),
    Entry("partner", "业务伙伴", "Business partner", ("business_partner",)),
    Entry("wechat_account", "接受微信账号", "WeChat account"),
)

PLATFORM = Platform(
    name="wecom",
    label="企业微信",
    exports=(EXTERNAL_CONTACTS,),
    settings=("corp_id", "open_platform"),
    entries=ENTRIES,
    interface=INTERFACE,
)
