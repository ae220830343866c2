"""After-sale cases of Douyin shop: 50 columns, one row per case, in its last state.

Source: a public parser of the real file with its header list; design notes, section 12. The words of 售后原因
are not from a source, so a word that is not listed is ``unknown`` and its row is not refused.
"""

from followthrough.contracts.export import Column, Export, Id, Money, Table, Text, Timestamp, Vocabulary

_NAMES = """
售后单号 订单号 商品单号 商品名称 商品ID 应付金额（元） 商品运费（元） 支付优惠（元） 商品税费（元）
商品发货状态 售后类型 退商品金额（元） 退运费金额（元） 退支付优惠（元） 退税费金额（元） 售后状态
售后申请时间 退款方式 是否已上传退款凭证 售后原因 售后原因标签 退货物流单号 退货异常 退货发货时间
退货物流公司 自动处理截止时间 同意售后申请时间 商家退款时间 用户到账时间 售后关闭时间 商家退货地址
商家退货联系人姓名 商家退货联系人电话 仲裁状态 纠纷责任方 是否极速退款 是否拒签后退款 发货物流单号
发货物流状态 换货物流单号 退货物流状态 售后完结时间 订单备注 用户售后说明 售后备注 操作人 协商记录
换货商品信息 商家编码 门店名称
"""
HEADER = tuple(_NAMES.split())

KIND = {
    "退货退款": "return_and_refund",
    "仅退款": "refund_only",
    "未发货仅退款": "before_shipping",
    "已发货仅退款": "refund_only",
    "换货": "exchange",
    "补寄": "reissue",
    "价保": "price_protection",
}
STATE = {
    "退款成功": "done",
    "换货成功": "done",
    "补寄成功": "done",
    "售后关闭": "closed",
    "售后已拒绝": "refused",
    "待退货": "open",
    "待收退货": "open",
    "售后待处理": "open",
}
_REASONS = {
    "quality": "质量问题 商品质量问题 商品与描述不符 商品描述不符 少件/漏发 商品破损/少件 商品破损 "
    "商家发错货 发错货 假货 假冒品牌",
    "neutral": "7天无理由退货 七天无理由退货 多拍/错拍/不想要 不想要了 拍错/多拍/不喜欢 协商一致退款 "
    "未按约定时间发货 快递一直未送达 商家降价 其他",
}
REASON = {words: group for group, listed in _REASONS.items() for words in listed.split()}

AFTERSALES = Export(
    platform="doudian",
    name="aftersales",
    version=2,
    label="抖店 售后单",
    grain="one row per after-sale case, as it stood when exported",
    format=Table(),
    recognise=("售后单号", "订单号", "商品单号", "售后类型", "售后状态", "售后申请时间"),
    columns=(
        Column("refund_id", ("售后单号",), Id(), "售后单号", "The case.", required=True),
        Column("order_id", ("订单号",), Id(), "主订单编号", "The order it is about.", required=True),
        Column("line_id", ("商品单号",), Id(), "子订单编号", "The line of it."),
        Column("kind", ("售后类型",), Vocabulary(KIND), "售后类型",
               "What the buyer asks for.", required=True),
        Column("state", ("售后状态",), Vocabulary(STATE), "售后状态",
               "open, done, refused or closed.", required=True),
        Column("goods_fen", ("退商品金额（元）",), Money(), "退商品金额(分)", "Paid back for goods.",
               minimum=0),
        Column("freight_fen", ("退运费金额（元）",), Money(), "退运费金额(分)", "Paid back for freight.",
               minimum=0),
        Column("asked_at", ("售后申请时间",), Timestamp(), "申请时间",
               "When it was asked for.", required=True),
        Column("paid_back_at", ("用户到账时间",), Timestamp(), "到账时间", "When the buyer had the money."),
        Column("refunded_at", ("商家退款时间",), Timestamp(), "退款时间", "When the shop paid it back."),
        Column("reason", ("售后原因",), Text(), "售后原因", "As the platform's list words it."),
        Column("reason_class", ("售后原因",), Vocabulary(REASON, otherwise="unknown"), "原因类别",
               "quality, neutral, or unknown where the words are not listed yet."),
    ),
    key=("refund_id",),
    event_at="asked_at",
    feeds={"refund_reasons": "stg_doudian__refund_reasons", "refunds": "stg_doudian__refunds"},
    optional_when_empty=True,
    signals="refund asked for, paid back, refused; before or after shipping; why",
    cannot_tell="who asked",
    source="a public parser of the real file",
    header=HEADER,
)  # fmt: skip
